// Causes of wrong AS attributes, in Japanese.

import type { TranslatedCauses } from './cause.ts'

export const routing: TranslatedCauses = {
  'no-bgp-session': {
    of: '13c34cd6',
    knownBy: 'AS フィールドが 0 または空の行と、同じアドレスに対するルータの経路(`routes.json`)。',
    remedy: 'デーモンに BGP セッションを設定してください:`bgp: ROUTER`。',
    test: 'セッションを設定すると、属性が現れます。',
  },
  'next-hop-lost': {
    of: 'f4b3e442',
    knownBy: '同じ行のほかの AS 属性は正しく、`peer_dst_ip` だけが空で、エクスポートは NetFlow v5 です。',
    remedy: 'このコレクタには NetFlow v9 または IPFIX をエクスポートするか、`peer_dst_ip` を外してください。',
    test: '同じものを v9 でエクスポートすると、ネクストホップが現れます。',
  },
  'bgp-session-down': {
    of: '0323a841',
    knownBy: 'AS フィールドが 0 または空の行。デーモン自身の BGP メッセージのログに UPDATE がありません。',
    remedy:
      'セッションの両側(`show bgp summary`、デーモンのログ)で、アドレス、AS 番号、ポート、フィルタを確認してください。',
    test: 'ラボの実行中に `flowlab inspect` でセッションの状態を確認します。',
  },
  'agent-map-mismatch': {
    of: 'd981abe7',
    knownBy:
      'デーモンのログには BGP の UPDATE があり、セッションの切断はありませんが、このエクスポータのどの行にも AS 属性がありません。',
    remedy:
      '`bgp_agent_map` で、エクスポータのアドレス(`ip=`)を経路を配るルータ(`bgp_ip=`)に対応付けてください。',
    test: '`0.0.0.0/0` をそのセッションに対応付けると、属性が現れます。',
  },
  'as-attribute-not-filled': {
    of: '24441d70',
    knownBy:
      '同じホストのほかの属性が正しい行で、1 つの属性が 0 または空(あるいはエクスポータのアドレス)です。',
    remedy:
      'デーモンがこの属性をどこから得る設定か(`bgp_src_as_path_type`、`bgp_peer_src_as_type`、`nfacctd_as`、`nfacctd_net`)を確認してください。',
    test: 'そのオプションを外すか `bgp` にすると、属性が現れます。',
  },
  'as-attributes-empty': {
    of: 'b1cf5131',
    knownBy:
      'AS フィールドが 0 または空の行と、同じアドレスに対するルータの経路(`routes.json`)。正しい行もあります。',
    remedy: 'デーモンのログでセッションを確認し、経路がそろってからトラフィックを流してください。',
    test: '行のフローの時刻と、デーモンのログの UPDATE の時刻を比べます。',
  },
  'as-numbers-cut': {
    of: 'a2e30140',
    knownBy: '誤った AS 番号は 23456、または正しい値を 65536 で割った余りです。NetFlow v5 は 16 ビットです。',
    remedy:
      '4 オクテット AS 番号の v9 または IPFIX をエクスポートし、BGP セッションで 4 オクテット AS 番号をネゴシエートしてください。',
    test: '起源 AS に 65536 未満の番号を付けると、正しく表示されます。',
  },
  'less-specific-route': {
    of: 'f3b0d588',
    knownBy: '得られた属性は、同じアドレスに対するルータの、より短いプレフィックスの経路のものです。',
    remedy:
      'デーモンがより具体的な経路を受け取ったか(BGP テーブルのダンプはログと同じ場所にあります)、セッションのフィルタを確認してください。',
    test: '短いプレフィックスの経路を取り下げると、属性が空になります。',
  },
  'stale-route': {
    of: '90dfc73c',
    knownBy:
      '得られた属性は、行のフローより前または後のルータの経路表(`routes.json` に時刻付きで全部あります)のもので、フローが流れていた間の経路ではありません。',
    remedy:
      'デーモンがルータから経路を受け続けているか(対向が消えたセッションはホールドタイムまで経路を保持します)、以前のセッションの経路を保持していないか(グレースフルリスタート、再読み込みしたダンプ)を確認してください。',
    test: 'デーモンのログの最後の UPDATE の時刻と、変化の時刻を比べます。',
  },
  'as-attributes-wrong': {
    of: '10c359bd',
    knownBy:
      '得られた属性、期待する属性、その根拠の経路を行ごとに示します(`routes.json`)。得られた値を予測する既知の原因はありません。',
    remedy: 'デーモン自身の BGP テーブル(ダンプはログと同じ場所)とルータの経路表を比べてください。',
    test: 'イベントなしで実行します。残る誤りはデーモンのものです。',
  },
  'source-path-of-way-back': {
    of: 'ecd7853c',
    knownBy:
      'これらのフローは、ある AS につながるリンクから観測点に入りましたが、送信元へのルータの経路がその AS を向いたことは一度もありません。ルータが知っているのは送信元への経路であり、送信元からの経路ではありません。',
    remedy:
      '経路が非対称な場合、`peer_src_as` と `src_as_path` を課金や設備計画に使わないでください。入力インタフェース(`in_iface`)を保持するか、それをピアに対応付けてください(`bgp_peer_src_as_map`)。',
    test: '送信元からここまでと、ここから送信元まで traceroute すると、経路が異なります。',
  },
  'process-ended': {
    of: '1128dc10',
    knownBy: '`exits.json` と、終了した場合は `state/….exit`。時刻は timeline にあります。',
    remedy: 'ログを確認してください。意図して止めるものは、イベントか `flowlab restart` で止めます。',
    test: 'そのノードを再起動すると、この検出はなくなります。',
  },
}
